package io.github.dl4jaskew.examples.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark with what DL4J needs on Java 17. */
public final class SparkContexts {

    /** What every JVM of a training must be started with, the driver's too. */
    private static final String JVM_OPTIONS =
            "--add-opens java.base/sun.nio.ch=ALL-UNNAMED -Daeron.publication.unblock.timeout=60s";

    private static final String LOOPBACK = "127.0.0.1";

    private SparkContexts() {}

    /**
     * Starts Spark.
     *
     * @param master {@code local[2]}: two threads here; {@code local-cluster[2,1,1024]}: two executors of one core and 1024
     *     MB, each in a process of its own; or the address of a cluster, whose machines have the jars and JVM options from
     *     elsewhere
     * @return a context; close it
     */
    public static JavaSparkContext start(String master) {
        SparkConf conf =
                new SparkConf().setAppName("dl4j-askew").setMaster(master).set("spark.ui.enabled", "false");
        if (master.startsWith("local")) {
            conf.set("spark.driver.host", LOOPBACK).set("spark.driver.bindAddress", LOOPBACK);
        }
        if (master.startsWith("local-cluster")) {
            conf.set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                    .set("spark.executor.extraJavaOptions", JVM_OPTIONS)
                    .set("spark.executorEnv.OMP_NUM_THREADS", "1")
                    // Else Spark looks for the jars of an installation.
                    .set("spark.executorEnv.SPARK_TESTING", "1")
                    .set("spark.executorEnv.SPARK_SCALA_VERSION", "2.12");
        }
        return new JavaSparkContext(conf);
    }
}
