package io.github.dl4jaskew.pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Documents around the scripts: served ones, which name their files, and reports, which hold them. Pure functions. */
final class PageHtml {

    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private PageHtml() {}

    /** A way to another page. */
    record Link(String address, String title) {}

    /** The document of a page in DL4J's server. */
    static String served(Page page, List<Link> links) {
        String root = root(page);
        StringBuilder head = new StringBuilder();
        page.assets().styles().keySet().forEach(name -> head.append(styleSheet(root + name)));
        head.append("<script type=\"importmap\">").append(importMap(page)).append("</script>\n");
        String body = filled("served.html", Map.of("navigation", navigation(page.name(), links), "root", root));
        return document(page.title(), head.toString(), body);
    }

    /** The script with which a served page begins. */
    static String start(Page page) {
        return "import definition from \"" + page.assets().module() + "\";\n"
                + "import {live} from \"ui/live.js\";\n"
                + "live(definition, \"/" + page.name() + "\");\n";
    }

    /** DL4J's overview below our navigation. */
    static String framed(Page page, List<Link> links, String address) {
        String body =
                filled("framed.html", Map.of("navigation", navigation("train", links), "address", escape(address)));
        return document("Training", styleSheet(root(page) + "ui/page.css"), body);
    }

    /** What stands there instead, where DL4J's pages would never come. */
    static String withoutTraining(Page page, List<Link> links) {
        String body = filled("without-training.html", Map.of("navigation", navigation("train", links)));
        return document("Training", styleSheet(root(page) + "ui/page.css"), body);
    }

    private static String root(Page page) {
        return "/" + page.name() + "/assets/";
    }

    private static String styleSheet(String address) {
        return "<link rel=\"stylesheet\" href=\"" + escape(address) + "\">\n";
    }

    private static String document(String title, String head, String body) {
        return filled("frame.html", Map.of("title", escape(title), "head", head, "body", body));
    }

    /** A resource with values for its {@code {{names}}}, which are not looked through for names again. */
    private static String filled(String resource, Map<String, String> values) {
        return PLACE.matcher(Assets.html(resource))
                .replaceAll(place ->
                        Matcher.quoteReplacement(Objects.requireNonNull(values.get(place.group(1)), place.group())));
    }

    /** What browsers may do on a served page: load from its server, and nothing else. */
    static String policy(Page page) {
        return "default-src 'none'; script-src 'self' 'sha256-" + sha256(importMap(page))
                + "'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    private static String importMap(Page page) {
        String root = root(page);
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.putObject("imports")
                .put("uplot", root + "uplot.js")
                .put("ui/", root + "ui/")
                .put(page.name() + "/", root + page.name() + "/");
        return inScript(map.toString());
    }

    /** One file that needs no other, with the answers to all that its scripts will ask. */
    static String report(String title, List<Page> pages, Map<String, String> answers) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        ObjectNode imports = map.putObject("imports");
        StringBuilder styles = new StringBuilder();
        StringBuilder start = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < pages.size(); i++) {
            Assets assets = pages.get(i).assets();
            assets.scripts()
                    .forEach((name, text) -> imports.put(name.equals("uplot.js") ? "uplot" : name, dataUrl(text)));
            start.append("import d")
                    .append(i)
                    .append(" from \"")
                    .append(assets.module())
                    .append("\";\n");
            names.append(i == 0 ? "" : ", ").append("d").append(i);
        }
        Map<String, String> sheets = new TreeMap<>();
        pages.forEach(page -> sheets.putAll(page.assets().styles()));
        sheets.values().forEach(text -> styles.append(text).append('\n'));
        start.append("import {report} from \"ui/live.js\";\nreport([")
                .append(names)
                .append("]);\n");
        String importMap = inScript(map.toString());
        String head = filled(
                "report-head.html",
                Map.of(
                        "licence", Assets.chartLicence(),
                        "mapHash", sha256(importMap),
                        "startHash", sha256(start.toString()),
                        "styles", styles.toString(),
                        "importMap", importMap));
        String body = filled(
                "report.html", Map.of("title", escape(title), "answers", data(answers), "start", start.toString()));
        return document(title, head, body);
    }

    private static String data(Map<String, String> answers) {
        StringBuilder html = new StringBuilder("<script type=\"application/json\" id=\"answers\">{");
        String separator = "";
        for (Map.Entry<String, String> answer : answers.entrySet()) {
            html.append(separator)
                    .append(inScript(Reply.text(JsonNodeFactory.instance.textNode(answer.getKey()))))
                    .append(':')
                    .append(inScript(answer.getValue()));
            separator = ",\n";
        }
        return html.append("}</script>\n").toString();
    }

    private static String navigation(String current, List<Link> links) {
        StringBuilder html = new StringBuilder(
                "<a class=\"skip\" href=\"#main\">Skip to the charts</a>\n<nav class=\"tabs\" aria-label=\"Pages\">\n");
        for (Link link : links) {
            boolean here =
                    link.address().equals("/" + current) || link.address().endsWith("/" + current);
            html.append("<a href=\"").append(escape(link.address())).append('"');
            html.append(here ? " aria-current=\"page\">" : ">")
                    .append(escape(link.title()))
                    .append("</a>\n");
        }
        return html.append("</nav>\n").toString();
    }

    private static String dataUrl(String script) {
        return "data:text/javascript;base64,"
                + Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON in which nothing ends or begins an element; these characters occur in strings only. */
    static String inScript(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
