package io.fedfm.api.peft;

import io.fedfm.api.Settings;

/** Makes a method from settings; found through {@link java.util.ServiceLoader}. */
public interface PeftMethodFactory {
    /** The name in {@code peft.type}: lower-case letters, digits, {@code -} and {@code _}. */
    String name();

    /** Return {@link io.fedfm.api.FedFmApi#VERSION}. */
    int apiVersion();

    /** Makes the method; settings that nobody reads are refused after this call. */
    PeftMethod create(Settings settings);
}
