import java.io.FileInputStream;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Prints SHA-256 and name of every entry: by the directory ("file"), or by the local headers ("stream"). */
class ReadZip {
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("file")) {
            try (ZipFile zip = new ZipFile(arguments[1])) {
                for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements();) {
                    ZipEntry entry = all.nextElement();
                    try (InputStream bytes = zip.getInputStream(entry)) {
                        print(entry, bytes);
                    }
                }
            }
        } else {
            try (ZipInputStream zip = new ZipInputStream(new FileInputStream(arguments[1]))) {
                for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    print(entry, zip);
                }
            }
        }
    }

    private static void print(ZipEntry entry, InputStream bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65536];
        for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        System.out.println(HexFormat.of().formatHex(digest.digest()) + " " + entry.getName());
    }
}
