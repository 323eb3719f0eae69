/** FedAvg (McMahan et al. 2017). */
package io.fedfm.plugin.fedavg;
