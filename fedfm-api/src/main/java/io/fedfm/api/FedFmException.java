package io.fedfm.api;

import java.util.Objects;

/** An error whose message tells a person what is wrong, where, and what to do about it. */
public final class FedFmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** An error of the given code; the message is one line. */
    public FedFmException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** An error of the given code that came from another; the message is one line. */
    public FedFmException(ErrorCode code, String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message is null"), cause);
        this.code = Objects.requireNonNull(code, "code is null");
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }
}
