package io.github.dl4jaskew.internal.rule;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test with parameters (Kernel kernel, DataType type): both kernels, float and double. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0} {1}")
@CsvSource({"HOST, FLOAT", "HOST, DOUBLE", "ARRAY, FLOAT", "ARRAY, DOUBLE"})
@interface KernelTypes {}
