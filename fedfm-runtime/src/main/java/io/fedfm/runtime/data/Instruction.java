package io.fedfm.runtime.data;

/**
 * One row of instruction data.
 *
 * @param prompt what the model is given
 * @param completion what it is to answer; never blank
 * @param line where it stands in the file, from 1
 */
record Instruction(String prompt, String completion, long line) {}
