package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.grid.Grid;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a grid from the command line: binary, ternary, uniform1 to uniform8, or powers2 to powers6. */
public final class GridOption implements ITypeConverter<Grid> {

    private static final Pattern BITS = Pattern.compile("(uniform|powers)(\\d)");

    /** Made by picocli. */
    public GridOption() {}

    @Override
    public Grid convert(String value) {
        String name = value.toLowerCase(Locale.ROOT);
        Matcher matcher = BITS.matcher(name);
        if (name.equals("binary")) {
            return Grid.binary();
        }
        if (name.equals("ternary")) {
            return Grid.ternary();
        }
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value
                    + "' is not a grid; allowed are binary, ternary, uniform1 to uniform8, powers2 to powers6");
        }
        int bits = Integer.parseInt(matcher.group(2));
        try {
            return matcher.group(1).equals("uniform") ? Grid.uniform(bits) : Grid.powersOfTwo(bits);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "': " + e.getMessage());
        }
    }
}
