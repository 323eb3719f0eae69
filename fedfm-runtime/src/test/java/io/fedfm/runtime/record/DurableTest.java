package io.fedfm.runtime.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

final class DurableTest {
    @Test
    void saysWhatIsWrongWithAFile() {
        assertThat(Durable.reason(new NoSuchFileException("a/b")))
                .isEqualTo("no such file or folder: a/b");
        assertThat(Durable.reason(new AccessDeniedException("a/b")))
                .isEqualTo("permission denied: a/b");
        assertThat(Durable.reason(new FileAlreadyExistsException("a/b")))
                .isEqualTo("FileAlreadyExistsException: a/b");
        assertThat(Durable.reason(new FileSystemException("a", null, "No space left on device")))
                .contains("No space left on device");
        assertThat(Durable.reason(new IOException("closed"))).isEqualTo("closed");
    }
}
