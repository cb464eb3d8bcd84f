package io.sluice.storage.memory;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What can be configured. */
@ObjectClassDefinition(name = "Sluice memory engine")
@interface MemoryOptions {
    @AttributeDefinition(
            name = "Heap for batches",
            description =
                    "The most that all logs of the memory engine may take, in bytes. An append that would pass it is"
                            + " refused, and succeeds once retention has made room. Takes effect when the engine restarts.")
    long max_bytes() default MemoryEngineFactory.DEFAULT_BYTES_MAX;
}
