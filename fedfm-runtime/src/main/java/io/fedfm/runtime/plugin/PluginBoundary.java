package io.fedfm.runtime.plugin;

import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import io.fedfm.api.peft.PeftModule;
import io.fedfm.api.peft.PeftPlan;
import io.fedfm.api.peft.PeftPlan.Attachment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The line between the runtime and one plugin: calls cross it with the plugin's class loader as
 * context, and what goes wrong beyond it comes back naming the plugin and its jar.
 */
final class PluginBoundary {
    private final PluginInfo plugin;
    private final ClassLoader loader;

    PluginBoundary(PluginInfo plugin, ClassLoader loader) {
        this.plugin = plugin;
        this.loader = loader;
    }

    /** Calls the plugin. */
    <T> T call(Callable<T> body) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return body.call();
        } catch (FedFmException e) {
            throw e;
        } catch (Exception | LinkageError | StackOverflowError e) {
            throw new FedFmException(
                    ErrorCode.PLUGIN_FAILED,
                    plugin + " failed: " + describe(e) + "; its author can tell what to do",
                    e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * An object of the plugin whose every call goes through {@link #call}. It has the interfaces of
     * the API that the object has, those added to the API later included.
     */
    <T> T guard(Class<T> type, T target) {
        if (target == null) {
            throw new FedFmException(
                    ErrorCode.PLUGIN_FAILED, plugin + " made null instead of a " + type.getName());
        }
        Object guarded =
                Proxy.newProxyInstance(
                        PluginBoundary.class.getClassLoader(),
                        interfaces(target.getClass()).toArray(Class<?>[]::new),
                        (proxy, method, arguments) ->
                                method.getName().equals("equals")
                                        ? proxy == arguments[0]
                                        : call(() -> invoke(target, method, arguments)));
        return type.cast(guarded);
    }

    /** A plan holds modules of the plugin, which are called later. */
    private Object guardPlan(Object result) {
        if (!(result instanceof PeftPlan plan)) {
            return result;
        }
        List<Attachment> attachments =
                plan.attachments().stream()
                        .map(a -> new Attachment(a.site(), guard(PeftModule.class, a.module())))
                        .toList();
        return plan.withAttachments(attachments);
    }

    private Object invoke(Object target, Method method, Object[] arguments) throws Exception {
        try {
            return guardPlan(method.invoke(target, arguments));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    private static Set<Class<?>> interfaces(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> candidate : c.getInterfaces()) {
                if (candidate.getName().startsWith("io.fedfm.api.")
                        || candidate == AutoCloseable.class) {
                    found.add(candidate);
                }
                found.addAll(interfaces(candidate));
            }
        }
        return found;
    }

    private static String describe(Throwable error) {
        String message = error.getMessage();
        return error.getClass().getSimpleName()
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
    }
}
