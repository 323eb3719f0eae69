package @package@;

import io.fedfm.api.peft.Backbone;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import io.fedfm.api.peft.SiteSelector;

/** Says where modules go. */
final class @Name@Method implements PeftMethod {
    private final SiteSelector selector;
    private final double strength;

    @Name@Method(SiteSelector selector, double strength) {
        this.selector = selector;
        this.strength = strength;
    }

    @Override
    public PeftPlan plan(Backbone backbone) {
        return PeftPlan.of(
                selector.select(backbone).stream()
                        .map(site -> new Attachment(site, new @Name@Module(site, strength)))
                        .toList());
    }
}
