package io.fedfm.runtime.cli;

import picocli.CommandLine.Mixin;

/** What commands that run federations have in common. */
final class RunningOptions {
    @Mixin OverridesOption overrides;
    @Mixin RunsOption runs;
    @Mixin FormatOption format;
    @Mixin PluginsOption plugins;
}
