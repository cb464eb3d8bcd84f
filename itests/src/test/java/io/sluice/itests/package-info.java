/** Proofs against the assembled distribution: the broker is a child process, the clients are real and outside it. */
@NullMarked
package io.sluice.itests;

import org.jspecify.annotations.NullMarked;
