package io.github.dl4jaskew.pages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Documents around the scripts: served ones, which name their files, and reports, which hold them. Pure functions. */
final class PageHtml {

    private PageHtml() {}

    /** A way to another page. */
    record Link(String address, String title) {}

    /** The document of a page in DL4J's server. */
    static String served(Page page, List<Link> links) {
        String root = "/" + page.name() + "/assets/";
        StringBuilder html = new StringBuilder(begin(page.title()));
        page.assets()
                .styles()
                .keySet()
                .forEach(name -> html.append("<link rel=\"stylesheet\" href=\"")
                        .append(escape(root + name))
                        .append("\">\n"));
        html.append("<script type=\"importmap\">").append(importMap(page)).append("</script>\n");
        html.append("</head>\n<body>\n<header class=\"bar\">\n").append(navigation(page.name(), links));
        html.append("</header>\n<main id=\"main\" class=\"page\" tabindex=\"-1\"></main>\n");
        html.append(
                "<noscript class=\"empty\">This page is drawn by scripts of its own server; please allow them.</noscript>\n");
        html.append("<script type=\"module\" src=\"").append(root).append("start.js\"></script>\n");
        return html.append("</body>\n</html>\n").toString();
    }

    /** The script with which a served page begins. */
    static String start(Page page) {
        return "import definition from \"" + page.assets().module() + "\";\n"
                + "import {live} from \"ui/live.js\";\n"
                + "live(definition, \"/" + page.name() + "\");\n";
    }

    /** DL4J's overview below our navigation. */
    static String framed(Page page, List<Link> links, String address) {
        String root = "/" + page.name() + "/assets/";
        return begin("Training") + "<link rel=\"stylesheet\" href=\"" + root + "ui/page.css\">\n"
                + "</head>\n<body class=\"framed\">\n<header class=\"bar\">\n" + navigation("train", links)
                + "</header>\n<iframe class=\"frame\" src=\"" + escape(address)
                + "\" title=\"Training overview of Deeplearning4j\"></iframe>\n</body>\n</html>\n";
    }

    /** What stands there instead, where DL4J's pages would never come. */
    static String withoutTraining(Page page, List<Link> links) {
        String root = "/" + page.name() + "/assets/";
        return begin("Training") + "<link rel=\"stylesheet\" href=\"" + root + "ui/page.css\">\n"
                + "</head>\n<body>\n<header class=\"bar\">\n" + navigation("train", links)
                + "</header>\n<main id=\"main\" class=\"page\" tabindex=\"-1\">\n<h1>Training</h1>\n<p class=\"lead\">"
                + "Deeplearning4j's own pages need scripts that are not on the class path: this program depends on"
                + " deeplearning4j-vertx without its WebJars. Add org.deeplearning4j:deeplearning4j-ui:1.0.0-M2.1 to its"
                + " dependencies. The other pages need none of them.</p>\n</main>\n</body>\n</html>\n";
    }

    /** What browsers may do on a served page: load from its server, and nothing else. */
    static String policy(Page page) {
        return "default-src 'none'; script-src 'self' 'sha256-" + sha256(importMap(page))
                + "'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self';"
                + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    private static String importMap(Page page) {
        String root = "/" + page.name() + "/assets/";
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
        return begin(title) + "<!-- This file holds uPlot, https://github.com/leeoniya/uPlot:\n\n"
                + Assets.chartLicence()
                + "\n-->\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src data: 'sha256-"
                + sha256(importMap) + "' 'sha256-" + sha256(start.toString())
                + "'; style-src 'unsafe-inline'; img-src data: blob:\">\n"
                + "<style>\n" + styles + "</style>\n<script type=\"importmap\">" + importMap + "</script>\n"
                + "</head>\n<body>\n<header class=\"bar\"><span class=\"brand\">" + escape(title) + "</span></header>\n"
                + "<main id=\"main\" class=\"page\" tabindex=\"-1\"></main>\n"
                + data(answers)
                + "<script type=\"module\">" + start + "</script>\n</body>\n</html>\n";
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

    private static String begin(String title) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" + escape(title) + "</title>\n"
                + "<link rel=\"icon\" href=\"data:,\">\n";
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
