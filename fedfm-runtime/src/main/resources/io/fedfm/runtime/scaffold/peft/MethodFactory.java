package @package@;

import io.fedfm.api.FedFmApi;
import io.fedfm.api.Settings;
import io.fedfm.api.peft.PeftMethod;
import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.api.peft.SiteSelector;
import java.util.List;

/** Makes the method from its settings: {@code peft.type: @name@}. */
public final class @Name@MethodFactory implements PeftMethodFactory {
    @Override
    public String name() {
        return "@name@";
    }

    @Override
    public int apiVersion() {
        return FedFmApi.VERSION;
    }

    /** Every setting is read here, with its default and its bounds; fedfm refuses all others. */
    @Override
    public PeftMethod create(Settings settings) {
        return new @Name@Method(
                SiteSelector.from(settings, List.of("all-linear")),
                settings.number("strength", 1, 0, 100));
    }
}
