package io.fedfm.runtime.cli;

import com.google.inject.Injector;
import com.google.inject.Key;
import picocli.CommandLine;

/** Makes commands from their bindings, and everything else as picocli does. */
final class GuiceFactory implements CommandLine.IFactory {
    private final Injector injector;

    GuiceFactory(Injector injector) {
        this.injector = injector;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        return injector.getExistingBinding(Key.get(type)) == null
                ? CommandLine.defaultFactory().create(type)
                : injector.getInstance(type);
    }
}
