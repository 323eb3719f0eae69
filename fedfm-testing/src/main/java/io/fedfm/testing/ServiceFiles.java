package io.fedfm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;

/** Checks that a plugin's {@code META-INF/services} file leads to its factory. */
public final class ServiceFiles {
    private ServiceFiles() {}

    /** Fails unless {@link ServiceLoader} finds this provider on the class path. */
    public static <S> void assertDiscoverable(Class<S> service, Class<? extends S> provider) {
        assertThat(ServiceLoader.load(service).stream().map(p -> p.type().getName()))
                .as("the providers in META-INF/services/" + service.getName())
                .contains(provider.getName());
    }
}
