package io.fedfm.runtime.cli;

/**
 * Ends an interrupted process at once. An orderly end of the JVM would run the native libraries'
 * destructors while threads are still computing in them, which is a crash; what is on the disk is
 * whole at any time.
 */
final class Interruption extends Thread {
    /** The exit code of a command that was interrupted. */
    private static final int EXIT_CODE = 130;

    private volatile boolean over;

    /** From now on, the end of the process is no interruption. */
    void commandIsOver() {
        over = true;
    }

    @Override
    public void run() {
        if (!over) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
