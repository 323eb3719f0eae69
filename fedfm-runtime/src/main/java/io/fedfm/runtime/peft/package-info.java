/** The formats of the PEFT library and of AdapterHub: what they call modules and tensors. */
package io.fedfm.runtime.peft;
