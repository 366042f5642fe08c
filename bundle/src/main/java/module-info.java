/** Makes bundles of tools from packages, directories and images. */
module io.scwatcher.bundle {
    requires transitive io.scwatcher.os;
    requires io.scwatcher.testbed;
    requires com.fasterxml.jackson.databind;
    requires org.apache.commons.compress;

    exports io.scwatcher.bundle;
}
