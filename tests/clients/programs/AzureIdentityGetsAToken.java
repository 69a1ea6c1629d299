import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.util.CoreUtils;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.AzureDeveloperCliCredentialBuilder;
import com.azure.identity.ChainedTokenCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * azure-identity for Java: asks one credential for a token. `Chain:NAME` is one with another behind it.
 * java AzureIdentityGetsAToken CREDENTIAL SCOPE [CLAIMS], prints JSON.
 */
public final class AzureIdentityGetsAToken {
  public static void main(String[] args) throws Exception {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("version", "com.azure:azure-identity " + CoreUtils.getProperties("azure-identity.properties").get("version"));
    try {
      TokenRequestContext wish = new TokenRequestContext().addScopes(args[1]);
      AccessToken token = credential(args[0]).getTokenSync(args.length > 2 ? wish.setClaims(args[2]) : wish);
      told.put("token", token.getToken());
      told.put("expires_on", token.getExpiresAt().toEpochSecond());
    } catch (RuntimeException why) {
      told.put("error", why.getClass().getSimpleName());
      told.put("message", String.valueOf(why.getMessage()));
    }
    System.out.println(new ObjectMapper().writeValueAsString(told));
    // Its pools of threads would keep the program alive.
    System.exit(0);
  }

  private static TokenCredential credential(String named) {
    if (named.startsWith("Chain:")) {
      TokenCredential first = credential(named.substring("Chain:".length()));
      TokenCredential next = wish -> Mono.just(new AccessToken("from-the-next-credential", OffsetDateTime.MAX));
      return new ChainedTokenCredentialBuilder().addLast(first).addLast(next).build();
    }
    switch (named) {
      case "AzureCliCredential":
        return new AzureCliCredentialBuilder().build();
      case "AzureDeveloperCliCredential":
        return new AzureDeveloperCliCredentialBuilder().build();
      case "DefaultAzureCredential":
        return new DefaultAzureCredentialBuilder().build();
      default:
        throw new IllegalArgumentException(named);
    }
  }
}
