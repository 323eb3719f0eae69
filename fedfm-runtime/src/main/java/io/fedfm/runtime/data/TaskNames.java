package io.fedfm.runtime.data;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.Nearest;
import java.util.List;

/**
 * The tasks that a method tells apart.
 *
 * @param names of the tasks; none if the method sees all rows alike
 */
record TaskNames(List<String> names) {
    /** Copies the list. */
    TaskNames {
        names = List.copyOf(names);
    }

    /**
     * Refuses settings that name a column of tasks for nothing, or none where tasks are told apart.
     *
     * @param column {@code data.task}; "" if it is not given
     */
    void checkColumn(String column) {
        if (names.isEmpty() && !column.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "data.task has a use only with a method that tells tasks apart"
                            + " (peft.type mixture with peft.tasks)");
        }
        if (names.size() > 1 && column.isEmpty()) {
            throw new FedFmException(
                    ErrorCode.SETTINGS_INVALID,
                    "the method tells the tasks "
                            + names
                            + " apart; data.task must name the column that says which a row is of");
        }
    }

    /** The index of a task as a file writes it. */
    int index(String task, String where) {
        int index = names.indexOf(task);
        if (index < 0) {
            String hint =
                    Nearest.to(task, names).map(n -> "; did you mean '" + n + "'?").orElse("");
            throw new FedFmException(
                    ErrorCode.DATA_INVALID,
                    where + ": '" + task + "' is none of the tasks " + names + hint);
        }
        return index;
    }
}
