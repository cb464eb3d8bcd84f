package io.sluice.admin.shell;

/** What a frame between the client and the command socket is about: its first byte. */
final class FrameKind {
    /** From the client: standard input; an empty frame is its end. */
    static final byte INPUT = 0;
    /** To the client: standard output. */
    static final byte OUTPUT = 1;
    /** To the client: standard error. */
    static final byte ERROR = 2;
    /** To the client, the last one: the exit code in four bytes. */
    static final byte EXIT = 3;
    /** To the client, empty: the command reads standard input. */
    static final byte WANT_INPUT = 5;
    /** From the client, empty: the user wants the command to stop. */
    static final byte INTERRUPT = 6;

    private FrameKind() {}
}
