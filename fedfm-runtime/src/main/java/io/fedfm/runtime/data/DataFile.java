package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files of UTF-8 text. */
final class DataFile {
    private DataFile() {}

    /** Reads something from the characters of a file. */
    @FunctionalInterface
    interface Reading<T> {
        T read(BufferedReader reader) throws IOException;
    }

    /**
     * Reads a file from behind its byte order mark, if it has one.
     *
     * @throws FedFmException FILE_UNREADABLE, or DATA_INVALID if it is not UTF-8
     */
    static <T> T read(Path file, Reading<T> reading) {
        if (Files.isDirectory(file)) {
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    file + " is a folder; folders hold images, but the backbone takes texts");
        }
        if (!Files.isRegularFile(file)) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, "there is no data file " + file + "; check data");
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            reader.mark(1);
            if (reader.read() != '\uFEFF') {
                reader.reset();
            }
            return reading.read(reader);
        } catch (CharacterCodingException e) {
            throw new FedFmException(ErrorCode.DATA_INVALID, file + " is not UTF-8; convert it", e);
        } catch (IOException e) {
            throw new FedFmException(
                    ErrorCode.FILE_UNREADABLE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
