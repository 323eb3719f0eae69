package io.fedfm.runtime.plugin;

import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.api.peft.PeftMethodFactory;

/** What a plugin can be. */
public enum PluginKind {
    PEFT("PEFT method", PeftMethodFactory.class),
    AGGREGATOR("aggregator", AggregatorFactory.class),
    COMPRESSOR("compressor", CompressorFactory.class);

    private final String label;
    private final Class<?> service;

    PluginKind(String label, Class<?> service) {
        this.label = label;
        this.service = service;
    }

    /** As messages call it. */
    public String label() {
        return label;
    }

    /** The factory that {@link java.util.ServiceLoader} looks for. */
    public Class<?> service() {
        return service;
    }
}
