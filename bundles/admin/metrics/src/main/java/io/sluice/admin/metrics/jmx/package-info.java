/** MBeans that are named as Kafka's are, for those who watch brokers by them. */
@NullMarked
package io.sluice.admin.metrics.jmx;

import org.jspecify.annotations.NullMarked;
