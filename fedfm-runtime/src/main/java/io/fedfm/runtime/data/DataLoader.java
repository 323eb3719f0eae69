package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.config.DataConfig;
import io.fedfm.runtime.config.ModelConfig.Task;
import io.fedfm.runtime.config.Seeds;
import io.fedfm.runtime.data.image.ImageProcessing;
import io.fedfm.runtime.data.image.ProcessorSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Reads what the section {@code data} names, holds rows out, and deals the rest to clients. */
public final class DataLoader {
    private final DataConfig config;
    private final Task task;
    private final int numLabels;
    private final Seeds seeds;

    /** A loader; {@code numLabels} is {@code model.num_labels}, 0 for as many as there are. */
    public DataLoader(DataConfig config, Task task, int numLabels, Seeds seeds) {
        this.config = config;
        this.task = task;
        this.numLabels = numLabels;
        this.seeds = seeds;
    }

    /**
     * Reads everything.
     *
     * @param inputs what the backbone reads
     * @param modelFolder where the tokenizer, or the settings of the image processor, are
     * @param vocabulary the number of tokens that the backbone has embeddings for; {@link
     *     Integer#MAX_VALUE} if that is not known
     * @param taskNames the tasks that the method tells apart; none if it does not
     * @throws FedFmException FILE_UNREADABLE, DATA_INVALID with file and line, or SETTINGS_INVALID
     */
    public FederatedData load(
            ModelInputs inputs, Path modelFolder, int vocabulary, List<String> taskNames) {
        TaskNames tasks = new TaskNames(taskNames);
        tasks.checkColumn(config.task());
        return inputs instanceof PixelInput pixels
                ? images(pixels, modelFolder)
                : texts((InputNames) inputs, modelFolder, vocabulary, tasks);
    }

    private FederatedData images(PixelInput input, Path modelFolder) {
        if (task != Task.SEQ_CLS || !config.source().equals(DataConfig.FILE)) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "the backbone takes images: model.task must be SEQ_CLS and data.path a folder with a sub-folder of images for each class");
        }
        if (!config.task().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.task names a column, and a folder of images has none");
        }
        Partitioner partitioner =
                Partitioners.create(config.partitioner().settings(), config.label(), seeds);
        ImageProcessing processing =
                ProcessorSettings.read(modelFolder, config.image(), input.size());
        RowSource source =
                ImageFolder.rows(config.path(), config.testPath(), numLabels, processing);
        return deal(source, partitioner, new ImageCollator(input, processing.normalisation()));
    }

    private FederatedData texts(
            InputNames inputs, Path modelFolder, int vocabulary, TaskNames tasks) {
        if (!config.image().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.image has no use: the backbone takes token ids, not images");
        }
        if (config.source().equals(DataConfig.RANDOM_TOKENS)) {
            return randomTokens(inputs, vocabulary);
        }
        checkNoFolder(config.path());
        checkNoFolder(config.testPath());
        // Settings first: they are cheaper to refuse than a big file.
        Partitioner partitioner =
                Partitioners.create(config.partitioner().settings(), partitionedBy(), seeds);
        try (TextTokenizer tokenizer = TextTokenizer.open(modelFolder, config.maxLength())) {
            RowSource source = source(tokenizer, modelFolder, tasks);
            checkVocabulary(source.train(), vocabulary);
            checkVocabulary(source.test(), vocabulary);
            return deal(source, partitioner, new TokenCollator(inputs, task, tokenizer.padding()));
        }
    }

    private static void checkNoFolder(Path path) {
        if (path != null && Files.isDirectory(path)) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    path + " is a folder; folders hold images, but the backbone takes texts");
        }
    }

    private FederatedData randomTokens(InputNames inputs, int vocabulary) {
        if (vocabulary == Integer.MAX_VALUE) {
            throw new FedFmException(
                    ErrorCode.MODEL_UNSUPPORTED,
                    "random-tokens needs to know the vocabulary, and no word embeddings were found in this backbone");
        }
        if (!config.evaluate().equals("train")) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "random-tokens has no held-out rows; set data.evaluate to train");
        }
        if (numLabels < 2 || config.clientRows().isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "random-tokens needs data.client_rows and model.num_labels of 2 or more");
        }
        List<List<Row>> clients =
                IntStream.range(0, config.clientRows().size())
                        .mapToObj(client -> randomRows(client, vocabulary))
                        .toList();
        int[] starts = new int[clients.size() + 1];
        for (int i = 0; i < clients.size(); i++) {
            starts[i + 1] = starts[i] + clients.get(i).size();
        }
        List<int[]> partition =
                IntStream.range(0, clients.size())
                        .mapToObj(i -> IntStream.range(starts[i], starts[i + 1]).toArray())
                        .toList();
        return new FederatedData(
                Labels.numbered(numLabels),
                clients,
                partition,
                List.of(),
                new TokenCollator(inputs, task, 0));
    }

    private List<Row> randomRows(int client, int vocabulary) {
        return RandomTokens.rows(
                config.clientRows().get(client),
                config.maxLength(),
                vocabulary,
                numLabels,
                seeds.stream("random-tokens", client));
    }

    /** The column that a partitioner may deal rows by; "" if there is none. */
    private String partitionedBy() {
        return isByTask() ? config.task() : task == Task.SEQ_CLS ? config.label() : "";
    }

    private boolean isByTask() {
        Object by = config.partitioner().values().get("partition_by");
        return !config.task().isEmpty() && config.task().equals(by);
    }

    private RowSource source(TextTokenizer tokenizer, Path modelFolder, TaskNames tasks) {
        if (task == Task.TOKEN_CLS) {
            return RowSource.tagged(
                    config.path(),
                    config.testPath(),
                    new Columns(config.text(), config.label()),
                    numLabels,
                    tokenizer::sentence);
        }
        if (!config.template().isEmpty()) {
            return instructions(tokenizer, modelFolder);
        }
        boolean windows = config.path().toString().toLowerCase(Locale.ROOT).endsWith(".txt");
        if (windows && task == Task.SEQ_CLS) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    config.path() + " is plain text without labels; SEQ_CLS needs labelled rows");
        }
        if (windows) {
            return RowSource.windows(
                    config.path(), config.testPath(), config.maxLength(), tokenizer::piece);
        }
        Columns columns =
                new Columns(
                        config.text(), task == Task.SEQ_CLS ? config.label() : "", config.task());
        return RowSource.rows(
                config.path(), config.testPath(), columns, tasks, numLabels, tokenizer::row);
    }

    private RowSource instructions(TextTokenizer tokenizer, Path modelFolder) {
        InstructionReader reader =
                new InstructionReader(PromptTemplate.of(config.template()), config.completion());
        int end =
                (int)
                        SpecialTokens.end(modelFolder)
                                .orElseThrow(
                                        () ->
                                                new FedFmException(
                                                        ErrorCode.MODEL_UNSUPPORTED,
                                                        "no end of sequence was found in "
                                                                + modelFolder
                                                                + "; set eos_token_id in its config.json"));
        return RowSource.instructions(
                config.path(),
                config.testPath(),
                reader,
                new InstructionEncoder(tokenizer, end, config.maxLength()));
    }

    private FederatedData deal(RowSource source, Partitioner partitioner, Collator collator) {
        List<Row> rows = source.train();
        int[] train = IntStream.range(0, rows.size()).toArray();
        List<Row> heldOut = List.of();
        if (config.evaluate().equals("held-out")) {
            if (source.test().isEmpty()) {
                HeldOut split =
                        HeldOut.of(rows.size(), config.evalFraction(), seeds.stream("held-out"));
                train = split.train();
                heldOut = pick(rows, split.heldOut());
            } else {
                heldOut = source.test();
            }
        }
        int[] kept = train;
        List<int[]> partition =
                partitioner
                        .partition(IntStream.of(kept).map(i -> key(rows.get(i))).toArray())
                        .stream()
                        .map(part -> IntStream.of(part).map(i -> kept[i]).toArray())
                        .toList();
        List<List<Row>> clients = partition.stream().map(part -> pick(rows, part)).toList();
        return new FederatedData(source.labels(), clients, partition, heldOut, collator);
    }

    private int key(Row row) {
        return isByTask() ? row.task() : row.label();
    }

    private static List<Row> pick(List<Row> rows, int[] indices) {
        return Arrays.stream(indices).mapToObj(rows::get).toList();
    }

    private static void checkVocabulary(List<Row> rows, int vocabulary) {
        int greatest =
                rows.stream()
                        .flatMapToInt(row -> IntStream.of(((TokenRow) row).tokens()))
                        .max()
                        .orElse(0);
        if (greatest >= vocabulary) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    "the tokenizer gives id "
                            + greatest
                            + ", but the model has embeddings for "
                            + vocabulary
                            + " tokens; the tokenizer.json is not this model's");
        }
    }
}
