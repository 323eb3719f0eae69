package io.fedfm.api.aggregate;

import io.fedfm.api.Settings;

/** Makes an aggregator from settings; found through {@link java.util.ServiceLoader}. */
public interface AggregatorFactory {
    /** The name in {@code federation.aggregator.type}. */
    String name();

    /** Return {@link io.fedfm.api.FedFmApi#VERSION}. */
    int apiVersion();

    /** Makes the aggregator; settings that nobody reads are refused after this call. */
    Aggregator create(Settings settings);
}
