package io.github.dl4jaskew.examples.report;

import java.awt.Color;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A way of training has the same colour in all charts. */
final class Colours {

    static final Color FLOAT = new Color(0x8C, 0x95, 0x9F);
    static final Color ASKEW = new Color(0x1F, 0x77, 0xB4);

    private static final Map<String, Color> NAMED = Map.of(
            "float",
            FLOAT,
            "rounded",
            new Color(0xF2, 0xB1, 0x34),
            "BinaryConnect",
            new Color(0x94, 0x67, 0xBD),
            "AskewSGD",
            ASKEW);

    private Colours() {}

    /** One for each name: its own, or else the next of those that no name has. */
    static List<Color> distinct(Collection<String> names) {
        Iterator<Color> others = NAMED.values().stream()
                .filter(colour -> names.stream().noneMatch(name -> colour.equals(NAMED.get(name))))
                .sorted(Comparator.comparing(Color::getRGB))
                .iterator();
        return names.stream()
                .map(name ->
                        NAMED.containsKey(name) || !others.hasNext() ? NAMED.getOrDefault(name, ASKEW) : others.next())
                .toList();
    }
}
