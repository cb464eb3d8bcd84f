/** Fakes for tests of request handlers: a request that keeps its answer, and a broker, its metadata and its controller in memory. */
@NullMarked
package io.sluice.request.kit;

import org.jspecify.annotations.NullMarked;
