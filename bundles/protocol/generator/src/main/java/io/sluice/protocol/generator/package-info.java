/** Turns Kafka's published message schemas into Java sources while the protocol module is built. Never shipped. */
@NullMarked
package io.sluice.protocol.generator;

import org.jspecify.annotations.NullMarked;
