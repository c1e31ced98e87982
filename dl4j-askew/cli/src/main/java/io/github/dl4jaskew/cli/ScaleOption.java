package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.grid.Scale;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a scale from the command line: mse, meanabs, max, sawb, unit or a number. */
final class ScaleOption implements ITypeConverter<Scale> {

    @Override
    public Scale convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "mse" -> Scale.mse();
            case "meanabs" -> Scale.meanAbs();
            case "max" -> Scale.max();
            case "sawb" -> Scale.sawb();
            case "unit" -> Scale.unit();
            default -> fixed(value);
        };
    }

    private static Scale fixed(String value) {
        try {
            return Scale.fixed(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not a scale; allowed are mse, meanabs, max, sawb, unit or a number");
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "': " + e.getMessage());
        }
    }
}
