package io.fedfm.runtime.plugin;

import io.fedfm.api.aggregate.AggregatorFactory;
import io.fedfm.api.compress.CompressorFactory;
import io.fedfm.api.peft.PeftMethodFactory;

/** What a plugin can be. */
public enum PluginKind {
    PEFT("peft", "PEFT method", PeftMethodFactory.class),
    AGGREGATOR("aggregator", "aggregator", AggregatorFactory.class),
    COMPRESSOR("compressor", "compressor", CompressorFactory.class);

    private final String section;
    private final String label;
    private final Class<?> service;

    PluginKind(String section, String label, Class<?> service) {
        this.section = section;
        this.label = label;
        this.service = service;
    }

    /** The section of settings whose {@code type} chooses one. */
    public String section() {
        return section;
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
