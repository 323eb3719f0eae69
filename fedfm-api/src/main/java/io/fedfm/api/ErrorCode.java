package io.fedfm.api;

/** What went wrong; {@code docs/errors.md} has a paragraph for each. */
public enum ErrorCode {
    /** A setting is unknown, missing, of the wrong type or out of range. */
    SETTINGS_INVALID(ErrorKind.USAGE),
    /** A file or folder that was named is not there or cannot be read. */
    FILE_UNREADABLE(ErrorKind.USAGE),
    /** The backbone is no ONNX model, is cut short, or points outside its folder. */
    MODEL_INVALID(ErrorKind.USAGE),
    /** The backbone is sound but of a form that fedfm does not train. */
    MODEL_UNSUPPORTED(ErrorKind.USAGE),
    /** An operator on the gradient's path has no derivative here. */
    OPERATOR_UNSUPPORTED(ErrorKind.USAGE),
    /** Rows without text or label, labels that do not match, or an empty data set. */
    DATA_INVALID(ErrorKind.USAGE),
    /** {@code target_modules}, or a placement, matches nothing in the backbone. */
    TARGETS_UNMATCHED(ErrorKind.USAGE),
    /** A plugin jar cannot be loaded, or two plugins share a name. */
    PLUGIN_INVALID(ErrorKind.USAGE),
    /** An execution provider that was asked for is not available. */
    PROVIDER_UNAVAILABLE(ErrorKind.USAGE),
    /** A run directory or checkpoint cannot be resumed from. */
    CHECKPOINT_INVALID(ErrorKind.USAGE),
    /** A format of another tool cannot hold what was trained, or its names cannot be told. */
    EXPORT_UNSUPPORTED(ErrorKind.USAGE),
    /** An adapter of another tool is damaged, of an unknown kind, or does not fit the backbone. */
    ADAPTER_INVALID(ErrorKind.USAGE),
    /** A client's update holds values that are not finite, or has the wrong layout. */
    UPDATE_INVALID(ErrorKind.RUN),
    /** A plugin failed while it ran. */
    PLUGIN_FAILED(ErrorKind.RUN),
    /** The run could not go on: a full disk, a failed session, lost clients. */
    RUN_FAILED(ErrorKind.RUN),
    /** A defect of fedfm. */
    INTERNAL(ErrorKind.BUG);

    private final ErrorKind kind;

    ErrorCode(ErrorKind kind) {
        this.kind = kind;
    }

    /** Who must act. */
    public ErrorKind kind() {
        return kind;
    }
}
