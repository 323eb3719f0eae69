/** The command line: what is asked for, how it is shown, and how the runtime is wired for it. */
package io.fedfm.runtime.cli;
