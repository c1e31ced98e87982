package io.github.dl4jaskew.internal.network;

import java.lang.reflect.Field;
import java.util.Objects;

/** Fields of DL4J's networks for which it has no accessor, of the one version that this library works with. */
final class HiddenField {

    private HiddenField() {}

    /** The value of a field that DL4J never leaves null. */
    static Object get(Class<?> type, String name, Object owner) {
        try {
            return Objects.requireNonNull(open(type, name).get(owner), name);
        } catch (ReflectiveOperationException e) {
            throw unknown(type, name, e);
        }
    }

    static void set(Class<?> type, String name, Object owner, Object value) {
        try {
            open(type, name).set(owner, value);
        } catch (ReflectiveOperationException e) {
            throw unknown(type, name, e);
        }
    }

    private static Field open(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    private static IllegalStateException unknown(Class<?> type, String name, Exception cause) {
        return new IllegalStateException(
                type.getName() + " has no field '" + name + "'; this library needs Deeplearning4j 1.0.0-M2.1", cause);
    }
}
