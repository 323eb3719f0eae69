package io.fedfm.runtime.run;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.runtime.data.FederatedData;
import io.fedfm.runtime.data.Row;
import java.util.List;
import java.util.stream.Stream;

/** Refuses rows that are longer than a backbone takes. */
final class RowLengths {
    private RowLengths() {}

    /**
     * Checks all rows.
     *
     * @param longest tokens of a row at most, beside the virtual ones
     * @param virtualTokens how many of the backbone's positions the method takes
     */
    static void check(FederatedData data, int longest, int virtualTokens) {
        int length =
                Stream.concat(data.clients().stream(), Stream.of(data.heldOut()))
                        .flatMap(List::stream)
                        .mapToInt(Row::length)
                        .max()
                        .orElse(0);
        if (length > longest) {
            String taken =
                    virtualTokens == 0
                            ? ""
                            : " beside the " + virtualTokens + " virtual tokens of the method";
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "a row has "
                            + length
                            + " tokens, but the backbone has positions for "
                            + longest
                            + taken
                            + "; set data.max_length to "
                            + longest
                            + " or less");
        }
    }
}
