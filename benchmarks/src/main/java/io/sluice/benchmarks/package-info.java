/** JMH benchmarks of the codec and of append, run by {@code benchmarks/jmh}. */
@NullMarked
package io.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
