package io.fedfm.runtime.run;

/**
 * Bytes that were serialised to travel.
 *
 * @param upBytes from clients
 * @param downBytes to clients
 */
public record Communication(long upBytes, long downBytes) {
    /** Both sums. */
    public Communication plus(Communication more) {
        return new Communication(upBytes + more.upBytes, downBytes + more.downBytes);
    }
}
