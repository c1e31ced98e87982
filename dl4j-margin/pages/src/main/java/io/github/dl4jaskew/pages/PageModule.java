package io.github.dl4jaskew.pages;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StatsStorageEvent;
import org.deeplearning4j.ui.api.HttpMethod;
import org.deeplearning4j.ui.api.Route;
import org.deeplearning4j.ui.api.UIModule;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.i18n.I18NResource;

/**
 * Serves a page in DL4J's user interface, by GET alone. It asks for no events, so that nothing of it ever runs in the
 * server's event thread; storages are read when somebody looks, in a thread for work that takes its time. Thread safe.
 *
 * <p>A page has a public subclass whose constructor takes no arguments, named in {@code
 * META-INF/services/org.deeplearning4j.ui.api.UIModule}.
 */
public abstract class PageModule implements UIModule {

    /** Of the pages that were ever served, by name: a server's modules do not know each other. */
    private static final Map<String, String> TITLES = new ConcurrentSkipListMap<>();

    /** DL4J's server never answers a browser that asks for one that is not there. */
    private static final String TRAINING_SCRIPT = "META-INF/resources/webjars/flot/0.8.3/jquery.flot.js";

    private final Page page;
    private final LogOnce once = new LogOnce();
    private final Answers answers;

    /**
     * Serves a page.
     *
     * @param page to serve
     */
    protected PageModule(Page page) {
        this.page = page;
        TITLES.put(page.name(), page.title());
        answers = new Answers(page, new Runs(page.reader(), once, session -> true), Answers.BUCKETS);
    }

    @Override
    public final List<String> getCallbackTypeIDs() {
        return List.of();
    }

    @Override
    public final void reportStorageEvents(Collection<StatsStorageEvent> events) {}

    @Override
    public final void onAttach(StatsStorage statsStorage) {
        answers.runs().attach(statsStorage);
    }

    @Override
    public final void onDetach(StatsStorage statsStorage) {
        answers.runs().detach(statsStorage);
    }

    @Override
    public final List<I18NResource> getInternationalizationResources() {
        return List.of();
    }

    @Override
    public final List<Route> getRoutes() {
        String root = "/" + page.name();
        return List.of(
                get(root, rc -> html(PageHtml.served(page, links()))),
                get(root + "/train", this::training),
                get(root + "/assets/*", this::asset),
                get(root + "/api/:question", this::api));
    }

    private interface Handler {
        Reply reply(RoutingContext context);
    }

    private Route get(String path, Handler handler) {
        return new Route(path, HttpMethod.GET, (arguments, context) -> serve(context, () -> handler.reply(context)));
    }

    /** Off the event loop, on which all of DL4J's pages wait. */
    private void serve(RoutingContext context, Supplier<Reply> handler) {
        context.vertx()
                .<Reply>executeBlocking(
                        promise -> promise.complete(guarded(handler)),
                        false,
                        result -> send(
                                context.response(), result.succeeded() ? result.result() : failed(result.cause())));
    }

    private Reply guarded(Supplier<Reply> handler) {
        try {
            return handler.get();
        } catch (BadQueryException e) {
            return Reply.error(e.status(), String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            return failed(e);
        }
    }

    private Reply failed(Throwable cause) {
        once.warn("the page /" + page.name() + " could not answer", cause);
        return Reply.error(500, "the server could not answer; its log says why");
    }

    private void send(HttpServerResponse response, Reply reply) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(reply.status())
                .putHeader("Content-Type", reply.type())
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", PageHtml.policy(page))
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", reply.type().startsWith("application/json") ? "no-store" : "no-cache")
                .end(reply.body());
    }

    private static Reply html(String text) {
        return new Reply(200, "text/html; charset=utf-8", text);
    }

    private Reply asset(RoutingContext context) {
        String root = "/" + page.name() + "/assets/";
        String path = context.request().path();
        String name = path.startsWith(root) ? path.substring(root.length()) : "";
        String text =
                name.equals("start.js") ? PageHtml.start(page) : page.assets().text(name);
        if (text == null) {
            throw new BadQueryException(404, "there is no such file");
        }
        String type = name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        return new Reply(200, type, text);
    }

    private Reply api(RoutingContext context) {
        String question = String.valueOf(context.pathParam("question"));
        if (question.equals("runs")) {
            return Reply.json(answers.list());
        }
        return Reply.json(answers.answer(question, query(context)));
    }

    private static Query query(RoutingContext context) {
        Map<String, String> parameters = new LinkedHashMap<>();
        try {
            context.queryParams().forEach(entry -> parameters.putIfAbsent(entry.getKey(), entry.getValue()));
        } catch (RuntimeException e) {
            BadQueryException refusal = new BadQueryException("the question's parameters cannot be decoded");
            refusal.initCause(e);
            throw refusal;
        }
        return new Query(parameters);
    }

    /** DL4J's own pages, of a run if one is named, with a way back. */
    private Reply training(RoutingContext context) {
        if (UIServer.class.getClassLoader().getResource(TRAINING_SCRIPT) == null) {
            return html(PageHtml.withoutTraining(page, links()));
        }
        Query query = query(context);
        String address = trainingAddress();
        if (query.has("run")) {
            address = Answers.training(answers.runs().find(query.text("run")).session(), isMultiSession());
        }
        return html(PageHtml.framed(page, links(), address));
    }

    private static boolean isMultiSession() {
        return UIServer.getInstance().isMultiSession();
    }

    private static String trainingAddress() {
        return isMultiSession() ? "/train" : "/train/overview";
    }

    /** DL4J's own pages, and all of this kind. */
    private List<PageHtml.Link> links() {
        List<PageHtml.Link> links = new ArrayList<>();
        links.add(new PageHtml.Link("/" + page.name() + "/train", "Training"));
        TITLES.forEach((name, title) -> links.add(new PageHtml.Link("/" + name, title)));
        return links;
    }
}
