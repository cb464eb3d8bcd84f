/** What the broker looks like from outside: Prometheus' text, health and readiness over HTTP, and MBeans with Kafka's names. */
@NullMarked
package io.sluice.admin.metrics;

import org.jspecify.annotations.NullMarked;
