/** Answers DescribeClientQuotas. Exports nothing. */
@NullMarked
package org.example.handler;

import org.jspecify.annotations.NullMarked;
