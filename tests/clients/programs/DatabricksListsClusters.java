import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.UserAgent;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ListClustersRequest;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The Databricks SDK for Java lists a workspace's clusters as any program would do it, and tells when the token ends.
 * java DatabricksListsClusters WAY [NUMBER], with so many clients at once; prints a line of JSON for each.
 */
public final class DatabricksListsClusters {
  public static void main(String[] args) throws Exception {
    int number = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    ExecutorService threads = Executors.newFixedThreadPool(number);
    List<Callable<Map<String, Object>>> clients = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      clients.add(() -> told(args[0]));
    }
    for (Future<Map<String, Object>> one : threads.invokeAll(clients)) {
      System.out.println(new ObjectMapper().writeValueAsString(one.get()));
    }
    threads.shutdown();
  }

  private static Map<String, Object> told(String way) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("agent", UserAgent.asString());
    try {
      DatabricksConfig config = new DatabricksConfig().setAuthType(way).setHttpTimeoutSeconds(10);
      WorkspaceClient client = new WorkspaceClient(config);
      List<String> clusters = new ArrayList<>();
      for (ClusterDetails cluster : client.clusters().list(new ListClustersRequest())) {
        clusters.add(cluster.getClusterName());
      }
      told.put("clusters", clusters);
      told.put("expires_on", client.config().getTokenSource().getToken().getExpiry().getEpochSecond());
    } catch (RuntimeException why) {
      told.put("error", why.getClass().getSimpleName());
      told.put("message", String.valueOf(why.getMessage()));
    }
    return told;
  }
}
