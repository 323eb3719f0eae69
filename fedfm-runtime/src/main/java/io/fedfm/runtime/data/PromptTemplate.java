package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a prompt is made of columns: a text with their names in braces. {@code prompt} stands for the
 * column of that name alone, {@code alpaca} for the texts of Stanford Alpaca (Taori et al. 2023),
 * the shorter one where the column {@code input} is empty.
 */
record PromptTemplate(String text, String withoutInput) {
    private static final Pattern COLUMN = Pattern.compile("\\{([A-Za-z0-9_]+)}");
    private static final String INPUT = "input";

    private static final String ALPACA =
            "Below is an instruction that describes a task, paired with an input that provides"
                    + " further context. Write a response that appropriately completes the"
                    + " request.\n\n### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n"
                    + "### Response:\n";
    private static final String ALPACA_WITHOUT_INPUT =
            "Below is an instruction that describes a task. Write a response that appropriately"
                    + " completes the request.\n\n### Instruction:\n{instruction}\n\n"
                    + "### Response:\n";

    /**
     * The template that {@code data.template} names or is.
     *
     * @throws FedFmException SETTINGS_INVALID if it names no column
     */
    static PromptTemplate of(String setting) {
        PromptTemplate template =
                switch (setting) {
                    case "prompt" -> new PromptTemplate("{prompt}", "");
                    case "alpaca" -> new PromptTemplate(ALPACA, ALPACA_WITHOUT_INPUT);
                    default -> new PromptTemplate(setting, "");
                };
        if (template.columns().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.template must be prompt, alpaca, or a text with columns in braces like 'Question: {question}', was '"
                            + setting
                            + "'");
        }
        return template;
    }

    /** The columns that every row has. */
    List<String> columns() {
        List<String> names = new ArrayList<>();
        COLUMN.matcher(withoutInput.isEmpty() ? text : withoutInput)
                .results()
                .map(found -> found.group(1))
                .forEach(names::add);
        return names;
    }

    /** The prompt of a row; {@code column} gives "" for a column that it has not. */
    String fill(UnaryOperator<String> column) {
        boolean shorter = !withoutInput.isEmpty() && column.apply(INPUT).isBlank();
        return COLUMN.matcher(shorter ? withoutInput : text)
                .replaceAll(found -> value(found, column));
    }

    private static String value(MatchResult found, UnaryOperator<String> column) {
        return Matcher.quoteReplacement(column.apply(found.group(1)));
    }
}
