package io.fedfm.runtime.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.Site;
import io.fedfm.api.peft.SiteKind;
import io.fedfm.runtime.graph.Graph;
import io.fedfm.runtime.graph.Node;
import io.fedfm.runtime.objective.Pooling;
import io.fedfm.runtime.objective.SequenceClassification;
import io.fedfm.runtime.program.FrozenBackbone;
import io.fedfm.runtime.program.TestModule;
import io.fedfm.runtime.program.TinyEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeaverTest {
    @TempDir Path cache;

    private FrozenBackbone backbone;
    private Site site;

    @BeforeEach
    void open() {
        backbone = FrozenBackbone.of(TinyEncoder.plain(), cache);
        site =
                backbone.anatomy().backbone().sites(SiteKind.LINEAR).stream()
                        .filter(s -> s.role().equals("up"))
                        .findFirst()
                        .orElseThrow();
    }

    @AfterEach
    void close() {
        backbone.close();
    }

    @Test
    void leavesTheBackboneAsItIs() {
        List<Node> nodes = List.copyOf(backbone.graph().nodes());
        weaver(site, TestModule.lowRank(site, 0.1)).inline(true);
        weaver(site, TestModule.lowRank(site, 0.1)).opaque();
        assertThat(backbone.graph().nodes()).isEqualTo(nodes);
        assertThat(backbone.graph().inputs()).containsOnlyKeys("input_ids", "attention_mask");
    }

    @Test
    void parametersAreInputsInTheSameOrderEitherWay() {
        Weaver weaver = weaver(site, TestModule.lowRank(site, 0.1));
        WovenGraph inline = weaver.inline(true);
        assertThat(inline.layout().entries())
                .extracting("name")
                .containsExactly(
                        site.name() + ".A",
                        site.name() + ".B",
                        SequenceClassification.WEIGHT,
                        SequenceClassification.BIAS);
        assertThat(weaver.opaque().layout()).isEqualTo(inline.layout());
        assertThat(weaver.inline(false).layout()).isEqualTo(inline.layout());
        assertThat(inline.graph().inputs()).containsKeys(site.name() + ".A", "labels");
    }

    @Test
    void onlyTrainingDrops() {
        Weaver weaver = weaver(site, TestModule.lowRank(site, 0.1));
        assertThat(weaver.inline(true).graph().inputs()).containsKey(DropoutNodes.SEED);
        assertThat(operators(weaver.inline(true).graph())).contains("Mod");
        assertThat(weaver.inline(false).graph().inputs()).doesNotContainKey(DropoutNodes.SEED);
        assertThat(operators(weaver.inline(false).graph())).doesNotContain("Mod");
    }

    @Test
    void opaqueModulesNameWhatTheyRead() {
        WovenGraph woven = weaver(site, TestModule.weightNorm(site)).opaque();
        assertThat(woven.modules()).hasSize(1);
        assertThat(woven.modules().get(0).tensors())
                .containsExactlyInAnyOrder("weight", "output", "bias");
        assertThat(woven.modules().get(0).parameters()).containsExactly("d", "m");
        assertThat(operators(woven.graph())).containsOnlyOnce(PseudoOps.MODULE);
    }

    @Test
    void twoParametersOfOneNameAreRefused() {
        Weaver weaver = weaver(site, TestModule.lowRank(site, 0), TestModule.lowRank(site, 0));
        assertThatThrownBy(() -> weaver.inline(true))
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
                .hasMessageContaining(site.name() + ".A");
    }

    @Test
    void sitesThatTakeNoModulesAreRefused() {
        Site positions = new Site("positions", SiteKind.POSITIONS, "", -1, "", 0, 0);
        Weaver weaver = weaver(positions, TestModule.identity());
        assertThatThrownBy(weaver::opaque)
                .isInstanceOfSatisfying(
                        FedFmException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
                .hasMessageContaining(positions.name());
    }

    private Weaver weaver(Site at, PeftModule... modules) {
        List<PeftPlan.Attachment> attachments =
                Stream.of(modules).map(module -> new PeftPlan.Attachment(at, module)).toList();
        return new Weaver(
                backbone.graph(),
                backbone.anatomy(),
                backbone.outputs(),
                PeftPlan.of(attachments),
                new SequenceClassification(Pooling.MEAN, TinyEncoder.WIDTH, 3));
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }
}
