package io.fedfm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.api.peft.SiteSelector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SiteSelectorTest {
    @Test
    void takesRolesEndsOfPathsAndPatterns() {
        assertThat(select(Map.of("target_modules", List.of("q", "ffn.up", ".*1.*key"))))
                .containsExactly(
                        "blocks.0.attention.query",
                        "blocks.0.ffn.up",
                        "blocks.1.attention.query",
                        "blocks.1.attention.key",
                        "blocks.1.ffn.up");
    }

    @Test
    void takesAPackedProjectionWhole() {
        Site packed = new Site("attn", SiteKind.LINEAR, "qkv", 0, "h.0.attn.c_attn", 4, 12);
        Site query = new Site("attn[q]", SiteKind.LINEAR, "q", 0, "h.0.attn.c_attn", 4, 4);
        Backbone backbone = new Backbone(List.of(packed, query), List.of());

        assertThat(select(backbone, Map.of("target_modules", "qkv"))).containsExactly("attn");
        assertThat(select(backbone, Map.of("target_modules", "q"))).containsExactly("attn[q]");
    }

    @Test
    void leavesOutWhatIsExcluded() {
        assertThat(
                        select(
                                Map.of(
                                        "target_modules",
                                        "all-linear",
                                        "exclude_modules",
                                        List.of("q", "k", "o", "gate", "blocks.0.*", "up"))))
                .containsExactly("blocks.1.attention.value", "blocks.1.ffn.down");
    }

    @Test
    void takesSomeLayersOnly() {
        assertThat(select(Map.of("target_modules", "q", "layers_to_transform", 1)))
                .containsExactly("blocks.1.attention.query");
        assertThat(
                        select(
                                Map.of(
                                        "target_modules",
                                        "q",
                                        "layers_to_transform",
                                        List.of(0),
                                        "layers_pattern",
                                        "blocks")))
                .containsExactly("blocks.0.attention.query");
    }

    @Test
    void aLayersNumberIsTheFirstInThePathAsInThePeftLibrary() {
        Site expert = new Site("e", SiteKind.LINEAR, "up", 0, "model.layers.7.experts.3.up", 4, 4);
        Backbone backbone = new Backbone(List.of(expert), List.of());

        assertThat(select(backbone, Map.of("target_modules", "up", "layers_to_transform", 7)))
                .containsExactly("e");
        assertThatThrownBy(
                        () ->
                                select(
                                        backbone,
                                        Map.of(
                                                "target_modules",
                                                "up",
                                                "layers_to_transform",
                                                7,
                                                "layers_pattern",
                                                "experts")))
                .hasMessageContaining(
                        "no targeted module is in layer 7; they are in the layers [3]");
    }

    @Test
    void refusesWhatMatchesNothing() {
        unmatched(Map.of("target_modules", List.of("q", "querry")), "target_modules: 'querry'");
        unmatched(
                Map.of("target_modules", "q", "exclude_modules", "ffn.upp"),
                "exclude_modules: 'ffn.upp'");
        unmatched(
                Map.of("target_modules", "q", "exclude_modules", "query"),
                "exclude_modules: [query] leaves nothing");
        unmatched(
                Map.of("target_modules", "q", "layers_to_transform", List.of(1, 2)),
                "no targeted module is in layer 2; they are in the layers [0, 1]");
    }

    @Test
    void refusesSettingsThatContradict() {
        Settings settings =
                Settings.of(
                        "peft",
                        Map.of("target_modules", List.of(), "layers_pattern", List.of("(layers")));
        SiteSelector.from(settings, List.of("q"));

        assertThatThrownBy(settings::check)
                .hasMessageContaining("peft.target_modules must name at least one")
                .hasMessageContaining("peft.layers_pattern needs layers_to_transform")
                .hasMessageContaining("peft.layers_pattern is no pattern");
    }

    private static void unmatched(Map<String, Object> settings, String message) {
        assertThatThrownBy(() -> select(settings))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGETS_UNMATCHED))
                .hasMessageContaining(message);
    }

    private static List<String> select(Map<String, Object> settings) {
        return select(FakeBackbone.create(), settings);
    }

    private static List<String> select(Backbone backbone, Map<String, Object> settings) {
        Settings given = Settings.of("peft", settings);
        SiteSelector selector = SiteSelector.from(given, List.of());
        given.check();
        return selector.select(backbone).stream().map(Site::name).toList();
    }
}
