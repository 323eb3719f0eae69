package io.fedfm.runtime.peft;

import java.util.Arrays;
import java.util.Optional;

/** A kind of adapter of the PEFT library that a method of fedfm trains. */
public enum PeftType {
    LORA("lora", ".lora_"),
    IA3("ia3", ".ia3_"),
    VERA("vera", ".vera_lambda_"),
    LN_TUNING("ln_tuning", ".ln_tuning_layers."),
    PREFIX_TUNING("prefix", ""),
    PROMPT_TUNING("prompt", "");

    private final String method;
    private final String mark;

    PeftType(String method, String mark) {
        this.method = method;
        this.mark = mark;
    }

    /** The method's name in {@code peft.type}. */
    public String method() {
        return method;
    }

    /** What follows a module's path in the names of its tensors; "" if tensors have no module. */
    String mark() {
        return mark;
    }

    /** Whether it trains virtual tokens, and no modules. */
    boolean isPromptLearning() {
        return mark.isEmpty();
    }

    /** The type that a method is. */
    public static Optional<PeftType> ofMethod(String method) {
        return Arrays.stream(values()).filter(type -> type.method.equals(method)).findFirst();
    }

    /** The type of this name. */
    public static Optional<PeftType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
