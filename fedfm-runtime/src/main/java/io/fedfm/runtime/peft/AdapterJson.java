package io.fedfm.runtime.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.record.Durable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** JSON as Python's {@code json.dumps(indent=2, sort_keys=True)} writes it. */
public final class AdapterJson {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private AdapterJson() {}

    /** The text of an object; the same object gives the same text. */
    public static String text(Map<String, ?> object) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        Separators separators =
                Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        try {
            return JSON.writer(printer).writeValueAsString(object) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and scalars cannot be written as JSON", e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws FedFmException ADAPTER_INVALID if it is no JSON
     */
    static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new FedFmException(
                    ErrorCode.ADAPTER_INVALID, file + " is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, "cannot read " + file + ": " + Durable.reason(e), e);
        }
    }

    /** The tree of an object, as reading its text gives it. */
    static JsonNode tree(Map<String, ?> object) {
        return JSON.valueToTree(object);
    }
}
