/** LoRA (Hu et al. 2021), with rsLoRA, LoRA+ and DoRA. */
package io.fedfm.plugin.lora;
