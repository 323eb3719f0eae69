/** LoRA (Hu et al. 2021). */
package io.fedfm.plugin.lora;
