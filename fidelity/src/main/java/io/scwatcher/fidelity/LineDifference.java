package io.scwatcher.fidelity;

/**
 * A line that is not as it should be. Lines are without their newline.
 *
 * @param before the guest's line before the pause; null if it has none
 * @param after the guest's line after the pause; null if it has none
 * @param ours our line; null if we have none
 */
public record LineDifference(String before, String after, String ours) {
    /** The guest's line, of whichever reading has one; null if our line is invented. */
    public String guest() {
        return before != null ? before : after;
    }
}
