import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.olingo.client.api.EdmEnabledODataClient;
import org.apache.olingo.client.api.communication.ODataClientErrorException;
import org.apache.olingo.client.api.communication.request.retrieve.ODataEntitySetRequest;
import org.apache.olingo.client.api.domain.ClientEntity;
import org.apache.olingo.client.api.domain.ClientEntitySet;
import org.apache.olingo.client.api.domain.ClientProperty;
import org.apache.olingo.client.api.uri.FilterFactory;
import org.apache.olingo.client.api.uri.URIBuilder;
import org.apache.olingo.client.core.ODataClientFactory;
import org.apache.olingo.client.core.http.BasicAuthHttpClientFactory;
import org.apache.olingo.commons.api.edm.EdmEntitySet;
import org.apache.olingo.commons.api.edm.EdmEntityType;
import org.apache.olingo.commons.api.edm.EdmPrimitiveType;

/** Reads every set of an OData service with Apache Olingo, and says in JSON what it found, one line a question. */
public class OData {
  private final EdmEnabledODataClient client;
  private final String root;

  private OData(String root, String token) {
    this.root = root;
    client = ODataClientFactory.getEdmEnabledClient(root);
    client.getConfiguration().setHttpClientFactory(new BasicAuthHttpClientFactory("excel", token));
  }

  public static void main(String[] args) throws Exception {
    OData odata = new OData(args[0], args[1]);
    List<String> named = new ArrayList<>();
    odata.client.getRetrieveRequestFactory().getServiceDocumentRequest(odata.root).execute().getBody()
        .getEntitySetNames().forEach(named::add);
    List<String> described = new ArrayList<>();
    for (EdmEntitySet set : odata.client.getEdm(null).getEntityContainer().getEntitySets()) {
      described.add(set.getName());
    }
    System.out.println("{\"sets\":" + list(named) + ",\"described\":" + list(described) + "}");
    for (String set : described) {
      odata.all(set);
    }
    FilterFactory is = odata.client.getFilterFactory();
    odata.ask("closed", "clients", odata.set("clients").filter(is.eq("closed", true)));
    odata.ask("named", "clients", odata.set("clients").filter("contains(name,'DROP TABLE') and name ne 'x''y'"));
    odata.ask("large", "sales", odata.set("sales")
        .filter(is.and(is.gt("net_minor", 5000), is.not(is.eq("sort", "credit_note")))).select("id", "net_minor"));
    odata.ask("missing", "clients", odata.set("clients").filter("territory_id eq null or phone ne null"));
    odata.ask("latest", "sales", odata.set("sales").orderBy("date desc").top(10).select("id", "date"));
    odata.ask("second", "visits", odata.set("visits").orderBy("date").top(3).skip(2).select("id", "date"));
    for (String wrong : new String[] {"nothing eq 1", "name eq 1", "name eq 'a'; DROP TABLE clients"}) {
      odata.refused(wrong);
    }
  }

  private URIBuilder set(String name) {
    return client.newURIBuilder(root).appendEntitySetSegment(name);
  }

  /** Every entity of a set, page by page: how many, and the sum of each number. */
  private void all(String name) throws Exception {
    EdmEntityType type = client.getEdm(null).getEntityContainer().getEntitySet(name).getEntityType();
    Map<String, BigDecimal> sums = new TreeMap<>();
    TreeSet<String> ids = new TreeSet<>();
    long count = 0;
    long pages = 0;
    Integer told = null;
    for (URI uri = set(name).count(true).build(); uri != null; pages++) {
      ClientEntitySet page = read(uri);
      told = told == null ? page.getCount() : told;
      for (ClientEntity entity : page.getEntities()) {
        count++;
        ids.add(String.valueOf(entity.getProperty("id").getPrimitiveValue()));
        for (ClientProperty property : entity.getProperties()) {
          String kind = ((EdmPrimitiveType) type.getProperty(property.getName()).getType()).getName();
          Object value = property.getPrimitiveValue() == null ? null : property.getPrimitiveValue().toValue();
          if (value != null && (kind.equals("Int64") || kind.equals("Decimal"))) {
            sums.merge(property.getName(), new BigDecimal(value.toString()), BigDecimal::add);
          }
        }
      }
      uri = page.getNext();
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((key, sum) -> text.append(text.length() == 0 ? "" : ",").append(quoted(key)).append(':')
        .append(quoted(sum.toPlainString())));
    System.out.println("{\"set\":" + quoted(name) + ",\"count\":" + count + ",\"told\":" + told + ",\"pages\":" + pages
        + ",\"ids\":" + ids.size() + ",\"sums\":{" + text + "}}");
  }

  private void ask(String question, String name, URIBuilder builder) {
    List<String> ids = new ArrayList<>();
    for (URI uri = builder.build(); uri != null;) {
      ClientEntitySet page = read(uri);
      page.getEntities().forEach(entity -> ids.add(entity.getProperty("id").getPrimitiveValue().toString()));
      uri = page.getNext();
    }
    System.out.println("{\"question\":" + quoted(question) + ",\"ids\":" + list(ids) + "}");
  }

  private void refused(String filter) {
    String code;
    try {
      read(set("clients").filter(filter).build());
      code = "none";
    } catch (ODataClientErrorException error) {
      code = error.getStatusLine().getStatusCode() + " " + error.getODataError().getCode();
    }
    System.out.println("{\"refused\":" + quoted(filter) + ",\"code\":" + quoted(code) + "}");
  }

  private ClientEntitySet read(URI uri) {
    ODataEntitySetRequest<ClientEntitySet> request = client.getRetrieveRequestFactory().getEntitySetRequest(uri);
    request.setPrefer(client.newPreferences().maxPageSize(700));
    return request.execute().getBody();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String list(List<String> texts) {
    StringBuilder out = new StringBuilder("[");
    texts.forEach(text -> out.append(out.length() == 1 ? "" : ",").append(quoted(text)));
    return out.append(']').toString();
  }
}
