package io.fedfm.runtime.oracle;

import io.fedfm.api.peft.SiteKind;
import java.util.List;
import java.util.Map;

/**
 * What checking a backbone came to.
 *
 * @param ok whether something was found to train, and all checks, at least one, are within their
 *     bounds
 * @param sites how many sites there are of each kind
 * @param parameters frozen parameters of the backbone
 * @param checks one for each method
 * @param unsupported what stands in the way, a line each: an operator, its node and the site
 * @param notApplicable methods that have no place in this backbone, a line each with the reason
 */
public record CheckReport(
        boolean ok,
        Map<SiteKind, Integer> sites,
        long parameters,
        List<MethodCheck> checks,
        List<String> unsupported,
        List<String> notApplicable) {
    /** Copies the collections. */
    public CheckReport {
        sites = Map.copyOf(sites);
        checks = List.copyOf(checks);
        unsupported = List.copyOf(unsupported);
        notApplicable = List.copyOf(notApplicable);
    }

    /**
     * The worst relative difference |a-b|/|b| over the loss and every parameter's gradient.
     *
     * @param method the name of the PEFT method
     * @param fusedVsSplit one ORT run against ORT segments with DJL between them
     * @param fusedVsTorch against the graph interpreted on DJL arrays under PyTorch's autograd
     * @param directional against a central difference along a random direction
     * @param rounded whether the backbone rounds activations, so that a difference in the last
     *     digit may become one of a level
     * @param negligible parameters whose gradient is next to nothing beside the others, as that of
     *     a key's bias is; they are compared with a hundredth of the usual size
     */
    public record MethodCheck(
            String method,
            double fusedVsSplit,
            double fusedVsTorch,
            double directional,
            boolean rounded,
            List<String> negligible) {
        /** Copies the list. */
        public MethodCheck {
            negligible = List.copyOf(negligible);
        }

        /** A check of parameters that all count. */
        public MethodCheck(
                String method,
                double fusedVsSplit,
                double fusedVsTorch,
                double directional,
                boolean rounded) {
            this(method, fusedVsSplit, fusedVsTorch, directional, rounded, List.of());
        }

        /** Bound of {@link #fusedVsSplit} and {@link #fusedVsTorch}. */
        public static final double EXACT = 1e-4;

        /** Bound of {@link #directional}. */
        public static final double APPROXIMATE = 1e-2;

        /** Bound of {@link #fusedVsSplit} where activations are rounded. */
        public static final double ROUNDED = 2e-2;

        /** Of a backbone that rounds nothing. */
        public MethodCheck(
                String method, double fusedVsSplit, double fusedVsTorch, double directional) {
            this(method, fusedVsSplit, fusedVsTorch, directional, false);
        }

        /** Bound of {@link #fusedVsSplit} in this backbone. */
        public double splitBound() {
            return rounded ? ROUNDED : EXACT;
        }

        /** Whether all differences are numbers within their bounds. */
        public boolean ok() {
            return fusedVsSplit <= splitBound()
                    && fusedVsTorch <= EXACT
                    && directional <= APPROXIMATE;
        }
    }

    /** A report that is {@link #ok()} as its parts say. */
    public static CheckReport of(
            Map<SiteKind, Integer> sites,
            long parameters,
            List<MethodCheck> checks,
            List<String> unsupported,
            List<String> notApplicable) {
        boolean found = sites.values().stream().anyMatch(count -> count > 0);
        boolean proved = !checks.isEmpty() && checks.stream().allMatch(MethodCheck::ok);
        boolean ok = found && unsupported.isEmpty() && proved;
        return new CheckReport(ok, sites, parameters, checks, unsupported, notApplicable);
    }
}
