package io.fedfm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmApi;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What the contracts of all three kinds ask of a factory. */
final class PluginContract {
    private static final String NAME = "[a-z][a-z0-9_-]*";

    private PluginContract() {}

    static void checkIdentity(String name, int apiVersion) {
        assertThat(name).as("name()").matches(NAME);
        assertThat(apiVersion).as("apiVersion() is FedFmApi.VERSION").isEqualTo(FedFmApi.VERSION);
    }

    /** As the runtime does it: unread settings are refused. */
    static <T> T create(Function<Settings, T> factory, Map<String, Object> settings) {
        Settings given = Settings.of("plugin", settings);
        T made = factory.apply(given);
        given.check();
        return made;
    }

    static <T> void checkUnknownSettingIsRefused(
            Function<Settings, T> factory, Map<String, Object> settings) {
        Map<String, Object> wrong = new LinkedHashMap<>(settings);
        wrong.put("no_such_setting", 1);
        assertThatThrownBy(() -> create(factory, wrong))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SETTINGS_INVALID))
                .hasMessageContaining("no_such_setting");
    }
}
