package @package@;

import io.fedfm.api.peft.PeftMethodFactory;
import io.fedfm.testing.PeftContract;

/** All that fedfm asks of a PEFT method. */
final class @Name@ContractTest extends PeftContract {
    @Override
    protected PeftMethodFactory factory() {
        return new @Name@MethodFactory();
    }
}
