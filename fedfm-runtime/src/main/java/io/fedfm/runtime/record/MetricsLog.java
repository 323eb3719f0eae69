package io.fedfm.runtime.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.federation.RoundResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** {@code metrics.jsonl}: a line for each round. */
public final class MetricsLog {
    private final Path file;

    MetricsLog(Path file) {
        this.file = file;
    }

    /** Adds a round and flushes it to the disk. */
    public void append(RoundResult result) {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            byte[] line = (RecordJson.line(result) + "\n").getBytes(StandardCharsets.UTF_8);
            ByteBuffer bytes = ByteBuffer.wrap(line);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "cannot write " + file + ": " + Durable.reason(e), e);
        }
    }

    /**
     * Drops whatever a killed process wrote after the round that is resumed from, half a line
     * included.
     *
     * @return the rounds from 1 to {@code last}
     * @throws FedFmException CHECKPOINT_INVALID if one of them is missing
     */
    public List<RoundResult> keep(int last) {
        try {
            List<String> kept = new ArrayList<>();
            List<RoundResult> rounds = new ArrayList<>();
            for (String line : lines()) {
                if (rounds.size() == last) {
                    break;
                }
                RoundResult result = RecordJson.read(line, RoundResult.class);
                if (result.round() != rounds.size() + 1) {
                    break;
                }
                kept.add(line + "\n");
                rounds.add(result);
            }
            if (rounds.size() < last) {
                throw lacks(rounds.size() + 1, null);
            }
            Durable.write(file, String.join("", kept));
            return rounds;
        } catch (JsonProcessingException e) {
            throw lacks(last, e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.RUN_FAILED, "cannot rewrite " + file + ": " + Durable.reason(e), e);
        }
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
    }

    private FedFmException lacks(int round, Exception cause) {
        return new FedFmException(
                ErrorCode.CHECKPOINT_INVALID,
                file + " lacks the line of round " + round + ", or it is damaged; start a new run",
                cause);
    }
}
